// Package job judges what ran and ended: training, processing and transform
// jobs by what they used while they ran and how they ended, jobs of Inference
// Recommender by what they recommend, and pipelines by their steps. It reads
// the evidence of one subject and nothing else.
package job
