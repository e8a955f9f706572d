"""Between the server and its processes: how they are started, the messages, their bytes, tensors."""
