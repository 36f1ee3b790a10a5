"""Effects of the pair, equation (10): one small file each with its texts."""
