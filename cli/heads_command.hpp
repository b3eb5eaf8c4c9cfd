#pragma once

#include "cli/common_options.hpp"
#include "cli/subcommand.hpp"

namespace sketchscope {

/// `heads`: which heads of a model rest on position 0, look one token back, or copy.
class HeadsCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  [[nodiscard]] std::vector<std::vector<int>> texts(const LoadedModel& model) const;

  CommonOptions common_;
  std::filesystem::path text_;
  int tokens_ = 400;
};

}  // namespace sketchscope
