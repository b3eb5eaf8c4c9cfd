#pragma once

#include <vector>

#include "cli/common_options.hpp"
#include "cli/subcommand.hpp"

namespace sketchscope {

/// `sketches`: what sketches and exact counters know of real attention in equal bytes.
class SketchesCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  [[nodiscard]] std::vector<std::vector<int>> texts(const LoadedModel& model) const;

  CommonOptions common_;
  std::filesystem::path text_;
  int tokens_ = 4096;
  int depth_ = 4;
  int lsh_bits_ = 12;
};

}  // namespace sketchscope
