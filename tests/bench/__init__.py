"""What a cycle costs, measured beside what people would use instead."""
