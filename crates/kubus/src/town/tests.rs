//! Tests over whole towns, through the files.
