#pragma once

#include <filesystem>

#include "cli/subcommand.hpp"

namespace sketchscope {

/// `report`: a folder of results as one HTML file and Markdown; of two folders, the differences.
class ReportCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  std::filesystem::path folder_;
  std::filesystem::path other_;
  std::filesystem::path out_;
};

}  // namespace sketchscope
