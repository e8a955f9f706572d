/** The camera as a video element that plays; whoever started it stops it. */

/** @returns {Promise<HTMLVideoElement>} */
export async function openCamera() {
  if (!navigator.mediaDevices) throw new Error("no camera can be had here (it wants https or localhost)");
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { width: { ideal: 320 }, height: { ideal: 240 } },
  });
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
