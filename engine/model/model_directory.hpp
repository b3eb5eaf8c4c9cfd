#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/model/model.hpp"
#include "engine/model/prompt_gemm.hpp"
#include "engine/text/tokenizer.hpp"

namespace sketchscope {

/// What LibTorch does for the model, which tests that do not need it leave empty, and where its
/// steps run.
struct ModelServices {
  std::shared_ptr<const PromptGemm> gemm;
  Device device = Device::cpu;
};

/// A model ready to run, with its tokenizer if it has one.
struct LoadedModel {
  std::shared_ptr<const Model> model;
  std::shared_ptr<const Tokenizer> tokenizer;  ///< null: tokens only, no text
  std::string name;                            ///< the directory's last part
  std::filesystem::path directory;             ///< where it was opened; empty if it was not
};

/// The tokenizer of a model that must read or write text. Throws Error where it has none.
const Tokenizer& tokenizer_of(const LoadedModel& model);

/// Opens a Hugging Face directory of a known family. Throws Error, and what `progress` throws.
LoadedModel open_model(const std::filesystem::path& directory, WeightDtype dtype,
                       const ModelServices& services, const ProgressSink& progress = {});

}  // namespace sketchscope
