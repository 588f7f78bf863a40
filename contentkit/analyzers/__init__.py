"""What finds faults in a change without a model; the file's name is what rules and settings call it."""
