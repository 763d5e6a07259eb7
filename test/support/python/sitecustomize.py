"""For the Pythons that tests start: libraries make objects that stay, and looking for garbage among them takes a sixth of the
time until transformers and PEFT are loaded."""

import gc

gc.set_threshold(100_000, 50, 1000)
