"""What goes out to students and instructors: stubs, handouts, kits and new courses, and the search for leaks in them."""
