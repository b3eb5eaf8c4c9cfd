#include "gui/cli/train_command.hpp"

#include <iostream>
#include <limits>

#include "engine/core/text.hpp"
#include "gui/cli/interrupt.hpp"
#include "gui/cli/progress.hpp"
#include "gui/cli/run_summary.hpp"

namespace sketchscope {
namespace {

void print_measure(const TrainingProgress& progress) {
  std::cerr << "step " << progress.step << " of " << progress.steps << ": loss "
            << number_text(progress.loss) << ", answers " << number_text(progress.answer_loss)
            << ", validation " << number_text(progress.validation->loss);
  for (const auto& share : progress.validation->by_distance) {
    std::cerr << "; " << share.right << " of " << share.asked << " right at " << share.from << "-"
              << share.to << " tokens";
  }
  std::cerr << '\n';
}

}  // namespace

void TrainCommand::declare(Flags& flags) {
  constexpr int kAny = std::numeric_limits<int>::max();
  flags.add("--out", directory_, "folder for model, checkpoint and log (default: out/train)");
  flags.add("--steps", options_.steps, {1, kAny}, "length of the whole run (default: 1200)");
  flags.add("--threads", options_.threads, {1, 64}, "threads at work (default: 2)");
}

void TrainCommand::run() {
  const Interrupt interrupt;
  if (!directory_.empty()) options_.directory = directory_;
  {
    Progress line("train");
    train(options_, [&](const TrainingProgress& progress) {
      if (progress.validation) print_measure(progress);
      line.show(static_cast<double>(progress.step) / progress.steps);
      return !interrupt.token().stop_requested();
    });
  }
  std::cerr << "The model is in " << (options_.directory / "model").string() << '\n';
}

}  // namespace sketchscope
