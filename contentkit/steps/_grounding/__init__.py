"""The parts of the check of grounding: numbers, references, words."""
