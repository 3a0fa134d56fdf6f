"""Scripts that train, build and measure what the package ships."""
