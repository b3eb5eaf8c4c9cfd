#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/model/model.hpp"
#include "engine/model/model_config.hpp"

namespace sketchscope::support {

/// Options of a GPT-2 with random weights, which are equal on every machine. Its attention is far
/// from uniform, so that policies matter.
struct TinyModelOptions {
  model::ModelConfig config = {.layers = 2,
                               .heads = 2,
                               .width = 16,
                               .inner_width = 64,
                               .vocabulary = 260,
                               .positions = 64,
                               .ends_of_text = {259}};
  checkpoint::WeightDtype dtype = checkpoint::WeightDtype::f32;
  std::uint64_t seed = 1;
};

/// Returns f32 weights by their Hugging Face names, in memory that the checkpoint owns.
checkpoint::Checkpoint make_tiny_checkpoint(const TinyModelOptions& options);

std::shared_ptr<const model::Model> make_tiny_model(const TinyModelOptions& options = {});

/// Writes `checkpoint` as one safetensors file.
void write_safetensors(const checkpoint::Checkpoint& checkpoint, const std::filesystem::path& file);

/// Writes config.json, model.safetensors, vocab.json and merges.txt into an existing folder. The
/// tokenizer has the 256 bytes, "th", "the", " the" and `<|endoftext|>`: 260 ids.
void write_tiny_model(const TinyModelOptions& options, const std::filesystem::path& directory);

/// Writes only vocab.json and merges.txt.
void write_tiny_tokenizer(const std::filesystem::path& directory);

}  // namespace sketchscope::support
