//! The API that drives a world, below `/_shipmock`.
