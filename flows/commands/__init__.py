"""The commands of the console command `retention`: each reads its options, calls the product and prints."""
