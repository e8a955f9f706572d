"""Between the server and its processes: how they are started, frames of bytes, tensors."""
