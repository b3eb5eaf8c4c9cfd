#pragma once

#include "engine/train/train.hpp"
#include "gui/cli/subcommand.hpp"

namespace sketchscope {

/// `train`: rebuilds the embedded model from the corpus generator.
class TrainCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  TrainOptions options_{.directory = "out/train"};
  std::filesystem::path directory_;
};

}  // namespace sketchscope
