"""What ``imagekit doctor`` looks at, one module a subject; each check says what it found, and how to mend it."""
