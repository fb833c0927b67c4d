"""The pledge, for everyone: the promise, the light, the statements, and the means to check them."""
