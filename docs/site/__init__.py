"""The site of this documentation: Sphinx's settings and the navigation."""
