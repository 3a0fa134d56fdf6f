"""In-domain character encoder: corpus, pre-training, fine-tuning probe, export."""
