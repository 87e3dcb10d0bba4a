"""What a course must hold to make sense, one module for each kind of rule."""
