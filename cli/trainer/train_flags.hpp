#pragma once

#include <filesystem>
#include <memory>

#include "cli/flags.hpp"
#include "cli/subcommand.hpp"
#include "engine/train/train.hpp"

namespace sketchscope::cli {

/// The flags of `train`. The command that people start declares them, and so does the trainer's own
/// program, which reads the same words.
struct TrainFlags {
  train::TrainOptions options{.directory = "out/train"};
  std::filesystem::path directory;
  bool check = false;  ///< repeat the first steps of the embedded model and compare

  void declare(Flags& flags);
};

/// Makes `train`: in the program that people start the one that becomes the trainer's program, in
/// that program the one that trains.
std::unique_ptr<Subcommand> make_train_command();

}  // namespace sketchscope::cli
