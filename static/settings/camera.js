/** The camera as a video element that plays; whoever started it stops it. */

import { t } from "../core/i18n.js";
import { cameraStream } from "../core/powers.js";

/** @returns {Promise<HTMLVideoElement>} */
export async function openCamera() {
  const stream = await cameraStream({ width: { ideal: 320 }, height: { ideal: 240 } });
  if (!stream) throw new Error(t("camera_none"));
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play();
  return video;
}

/** @param {HTMLVideoElement | null} video */
export function closeCamera(video) {
  const stream = /** @type {MediaStream | null} */ (video?.srcObject ?? null);
  for (const track of stream?.getTracks() ?? []) track.stop();
}
