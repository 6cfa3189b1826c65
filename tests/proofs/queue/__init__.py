"""The queue by itself: django-q2 as it is locked, with tasks that do nothing but leave a mark."""
