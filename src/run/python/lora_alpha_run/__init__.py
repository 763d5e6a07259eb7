"""Records the LoRA run that a program really does, and tries a plan in it. It begins in hooks.py."""
