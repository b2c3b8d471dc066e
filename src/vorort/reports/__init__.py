"""Figures, sentence, charts, texts: what people read. German: Berichte"""
