#pragma once

#include <filesystem>

#include "engine/train/byte_pairs.hpp"
#include "engine/train/training_model.hpp"

namespace sketchscope {

/// Writes a Hugging Face GPT-2 directory with f16 weights: config.json, generation_config.json,
/// model.safetensors, vocab.json, merges.txt, tokenizer.json, tokenizer_config.json. Each file is
/// written under a temporary name and renamed. Throws Error if that fails.
void export_model(const TrainingModel& model, const BytePairVocabulary& vocabulary,
                  const std::filesystem::path& directory);

}  // namespace sketchscope
