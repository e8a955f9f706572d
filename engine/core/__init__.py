"""What every part of the engine stands on: names, numbers, flat parameters and plans."""
