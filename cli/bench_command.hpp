#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/bench_kinds.hpp"
#include "cli/common_options.hpp"
#include "cli/subcommand.hpp"

namespace sketchscope {

/// `bench`: how long a kind of work takes, beside what memory and arithmetic reach in the same run.
class BenchCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  CommonOptions common_;
  BenchRequest request_;
  std::string what_;
  std::filesystem::path trace_;
};

}  // namespace sketchscope
