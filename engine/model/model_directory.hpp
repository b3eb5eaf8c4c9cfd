#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/model/model.hpp"
#include "engine/text/tokenizer.hpp"

namespace sketchscope::model {

/// A model ready to run, with its tokenizer if it has one.
struct LoadedModel {
  std::shared_ptr<const Model> model;
  std::shared_ptr<const text::Tokenizer> tokenizer;  ///< null: the model takes token ids only
  std::string tokenizer_problem;    ///< why there is a tokenizer that cannot be used
  std::string name;                 ///< that of its directory or file
  std::filesystem::path directory;  ///< or GGUF file; empty if it was opened from neither
};

/// Returns the tokenizer of a model. Throws Error where it has none.
const text::Tokenizer& tokenizer_of(const LoadedModel& model);

/// Returns whether a path looks like a model: a directory with a config.json, or a .gguf file.
[[nodiscard]] bool is_model(const std::filesystem::path& path);

/// Reads the tokenizer of a Hugging Face directory or of a GGUF file, and no weights; nothing where
/// there is none. Throws as text::Tokenizer::open().
[[nodiscard]] std::optional<text::Tokenizer> read_tokenizer(const std::filesystem::path& path);

/// Opens a Hugging Face directory of a known family, or a GGUF file of a known architecture. Throws
/// Error naming what is missing or invalid, and what `progress` throws.
LoadedModel open_model(const std::filesystem::path& path, checkpoint::WeightDtype dtype,
                       const ModelOptions& options = {}, const core::ProgressSink& progress = {});

}  // namespace sketchscope::model
