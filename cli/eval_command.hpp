#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "cli/common_options.hpp"
#include "cli/subcommand.hpp"
#include "engine/measure/continuation.hpp"
#include "engine/measure/evaluation.hpp"

namespace sketchscope {

/// `eval`: perplexity of a text under a capped cache, with divergence, memory and time.
class EvalCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  [[nodiscard]] std::vector<int> text_tokens(const LoadedModel& model) const;
  [[nodiscard]] Evaluation evaluate_text(const LoadedModel& model, std::span<const int> tokens,
                                         const Knobs& knobs, bool by_oracle,
                                         std::stop_token stop) const;
  [[nodiscard]] std::optional<LikenessMeans> continuations(const LoadedModel& model,
                                                           std::span<const int> tokens,
                                                           const Knobs& knobs,
                                                           std::stop_token stop) const;

  CommonOptions common_;
  std::filesystem::path text_;
  std::filesystem::path against_;
  int max_tokens_ = 0;
  int context_ = 0;
  int lanes_ = 8;
  int continue_ = 0;
  bool twin_ = false;
  bool oracle_ = false;
};

}  // namespace sketchscope
