#pragma once

#include "cli/subcommand.hpp"
#include "engine/train/train.hpp"

namespace sketchscope {

/// `train`: rebuilds the embedded model from the corpus generator, or checks that it can.
class TrainCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  /// Repeats the first steps of the run that made the embedded model. Throws Error if they differ.
  void check();

  TrainOptions options_{.directory = "out/train"};
  std::filesystem::path directory_;
  bool check_ = false;
};

}  // namespace sketchscope
