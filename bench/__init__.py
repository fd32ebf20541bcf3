"""The benchmarks: what the bars of speed are measured with. Run them with: make bench"""
