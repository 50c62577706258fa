"""The image, built and run on this machine without a container engine: `make image-test`."""
