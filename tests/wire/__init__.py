"""GPIO lines for tests: gpiozero's mock pins, and the real lgpio on a made-up chip."""
