#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/common_options.hpp"
#include "cli/subcommand.hpp"
#include "engine/study/grid.hpp"
#include "engine/study/rendezvous.hpp"
#include "engine/study/study_run.hpp"

namespace sketchscope {

/// `sweep`: measures every configuration of a grid in shared forward passes.
class SweepCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  [[nodiscard]] std::optional<Rendezvous> rendezvous() const;
  /// Rank 0: the folder, the queue and its share of the work.
  void conduct_study(const Study& study, const std::string& model_name, const std::string& prompt,
                     const std::optional<Rendezvous>& rendezvous,
                     const std::stop_token& stop) const;
  [[nodiscard]] Grid grid(const LoadedModel& model) const;
  [[nodiscard]] StudyMaterial material(const Grid& grid, const LoadedModel& model) const;
  [[nodiscard]] std::vector<int> text_tokens(const Workload& workload,
                                             const LoadedModel& model) const;

  CommonOptions common_;
  std::optional<std::string> grid_;
  std::filesystem::path out_;
  std::filesystem::path text_;
  bool quick_ = false;
  bool full_ = false;
  bool resume_ = false;
  int workers_ = 1;
  int lanes_ = 0;
};

}  // namespace sketchscope
