#include "cli/output.hpp"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iomanip>
#include <optional>
#include <sstream>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::cli {
namespace {

std::string percent(double share) {
  return decimals(100 * share, 1) + " %";
}

double share_of(std::size_t part, std::size_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

/// Returns the saving against the full cache, net of sketch, statistics and tail summary.
std::string saving(const record::MemoryLedger& peak) {
  const double left =
      share_of(peak.kv_stored + peak.sketch + peak.statistics + peak.tail, peak.kv_full);
  return left <= 1 ? percent(1 - left) + " of the full cache"
                   : "nothing yet: " + percent(left - 1) + " more than the full cache";
}

void print_memory(std::ostream& stream, const record::MemoryLedger& peak) {
  print_line(stream, "weights", core::bytes_text(peak.weights));
  print_line(stream, "keys and values",
             core::bytes_text(peak.kv_stored) + " of " + core::bytes_text(peak.kv_full) +
                 " in the full cache");
  print_line(stream, "sketch overhead",
             core::bytes_text(peak.sketch) + ", " + percent(share_of(peak.sketch, peak.kv_stored)) +
                 " of the keys and values");
  print_line(stream, "exact statistics", core::bytes_text(peak.statistics));
  if (peak.tail > 0) print_line(stream, "tail summary", core::bytes_text(peak.tail));
  print_line(stream, "saved", saving(peak));
  if (peak.audit > 0)
    print_line(stream, "audit", core::bytes_text(peak.audit) + ", only to measure");
  print_line(stream, "activations", core::bytes_text(peak.activations));
  print_line(stream, "process", core::bytes_text(peak.process_peak) + " at its peak");
}

void print_speed(std::ostream& stream, const schedule::RunTotals& totals) {
  if (const auto median = totals.pass_ms(0.5)) {
    print_line(stream, "step",
               decimals(*median, 2) + " ms, median of " + std::to_string(totals.passes()) +
                   "; policy and sketch " + percent(totals.policy_share().value_or(0)));
  }
  if (const auto speed = totals.tokens_per_second()) {
    print_line(stream, "tokens/s", decimals(*speed, 1));
  }
}

/// Returns whether standard error is a terminal that can erase a line.
bool shows_one_line_anew() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 &&
         (terminal == nullptr || std::string_view(terminal) != "dumb");
}

}  // namespace

std::string decimals(double value, int digits) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(digits) << value;
  return text.str();
}

std::string text_of(const measure::Estimate& estimate, int digits) {
  const std::string value = decimals(estimate.value, digits);
  if (!estimate.interval) return value;
  const auto& [low, high] = *estimate.interval;
  return value + " (" + decimals(low, digits) + " to " + decimals(high, digits) + ")";
}

void print_line(std::ostream& stream, const std::string& label, const std::string& value) {
  constexpr std::size_t kLabelWidth = 18;
  const std::string gap(label.size() < kLabelWidth ? kLabelWidth - label.size() : 1, ' ');
  stream << "  " << label << gap << value << '\n';
}

void print_divergence(std::ostream& stream, const schedule::RunTotals& totals) {
  for (const auto& [figure, value] : totals.figures()) {
    if (value && !figure.label.empty()) {
      print_line(stream, std::string(figure.label), decimals(*value, figure.digits));
    }
  }
}

void print_likeness(std::ostream& stream, const measure::LikenessMeans& means) {
  const auto print = [&](const char* label, const std::optional<measure::Estimate>& estimate,
                         int digits) {
    if (estimate) print_line(stream, label, text_of(*estimate, digits));
  };
  print_line(stream, "continuations",
             std::to_string(means.prompts) + ", of them like the full cache's to the end " +
                 std::to_string(means.identical));
  print("BLEU-4", means.bleu4, 3);
  print("token agreement", means.agreement, 3);
  print("first divergence", means.first_divergence, 1);
}

void print_totals(std::ostream& stream, const schedule::RunTotals& totals) {
  if (totals.any_ended()) print_memory(stream, totals.memory_peak());
  print_line(stream, "evictions",
             std::to_string(totals.evictions()) + ", of them without a choice " +
                 std::to_string(totals.degenerate_evictions()));
  const decode::Decisions& decided = totals.decided();
  if (decided.victims > 0) {
    print_line(stream, "unlike window's",
               std::to_string(decided.unlike_window) + " of " + std::to_string(decided.victims) +
                   " victims");
  }
  print_divergence(stream, totals);
  print_speed(stream, totals);
}

Progress::Progress(std::string what)
    : what_(std::move(what)), on_terminal_(shows_one_line_anew()) {}

Progress::~Progress() {
  if (on_terminal_) std::fputs("\r\033[K", stderr);
}

void Progress::show(double share) {
  const auto now = Clock::now();
  if (!on_terminal_ || share <= 0 || now - shown_ < std::chrono::milliseconds(100)) return;
  shown_ = now;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const auto left = std::lround(elapsed * (1 - share) / share);
  std::fprintf(stderr, "\r\033[K%s: %.0f %%, %ld:%02ld left", what_.c_str(), 100 * share, left / 60,
               left % 60);
}

}  // namespace sketchscope::cli
