#pragma once

#include <filesystem>

#include "cli/flags.hpp"
#include "engine/train/train.hpp"

namespace sketchscope::cli {

/// What `train` is told: declared by the command that people start and by the trainer's own
/// program, which reads the same words.
struct TrainFlags {
  train::TrainOptions options{.directory = "out/train"};
  std::filesystem::path directory;
  bool check = false;  ///< repeat the first steps of the embedded model and compare

  void declare(Flags& flags);
};

}  // namespace sketchscope::cli
