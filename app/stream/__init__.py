"""Live streams over WebSocket, subprotocol descent.v1."""
