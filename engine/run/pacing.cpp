#include "engine/run/pacing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::run {
namespace {

std::optional<std::string> first_eviction(const record::StepRecord& record,
                                          std::optional<int> position) {
  const auto found =
      std::ranges::find_if(record.evictions, [&](const record::EvictionRecord& eviction) {
        return !position || eviction.position == *position;
      });
  if (found == record.evictions.end()) return std::nullopt;
  return "position " + std::to_string(found->position) + " left layer " +
         std::to_string(found->layer) +
         (found->head ? " head " + std::to_string(*found->head) : "");
}

const BreakpointWord& word_of(Breakpoint::Kind kind) {
  return *std::ranges::find(breakpoint_words(), kind, &BreakpointWord::kind);
}

core::UsageError not_understood(std::string_view text) {
  std::string expected;
  for (const BreakpointWord& known : breakpoint_words()) {
    expected += (expected.empty() ? "" : ", ") + std::string(known.word) +
                (known.argument.empty() ? "" : " " + std::string(known.argument));
  }
  return core::UsageError(
      {.what = "run until", .found = "'" + std::string(text) + "'", .expected = expected});
}

}  // namespace

const std::vector<BreakpointWord>& breakpoint_words() {
  using Kind = Breakpoint::Kind;
  static const std::vector<BreakpointWord> words = {
      {Kind::step, "step", "N", "step N was made"},
      {Kind::eviction, "eviction", "", "anything is evicted"},
      {Kind::position, "position", "P", "position P is evicted from any table"},
      {Kind::disagreement, "disagreement", "", "lane and twin have different top tokens"},
      {Kind::divergence, "kl", "X", "the next-token KL lies above X nats"},
  };
  return words;
}

Breakpoint parse_breakpoint(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::string word;
  std::string argument;
  std::string more;
  stream >> word >> argument >> more;
  const auto known = std::ranges::find(breakpoint_words(), word, &BreakpointWord::word);
  if (known == breakpoint_words().end() || known->argument.empty() != argument.empty() ||
      !more.empty()) {
    throw not_understood(text);
  }
  if (known->argument.empty()) return {known->kind};
  const auto value = core::parse_number<double>(argument);
  const bool whole = known->kind != Breakpoint::Kind::divergence;
  constexpr double kMost = std::numeric_limits<int>::max();  // of positions, and of steps
  if (!value || !(*value >= 0) || (whole && (*value > kMost || *value != std::trunc(*value)))) {
    throw not_understood(text);
  }
  return {known->kind, *value};
}

std::string breakpoint_text(const Breakpoint& breakpoint) {
  const BreakpointWord& known = word_of(breakpoint.kind);
  std::string text(known.word);
  if (!known.argument.empty()) text += " " + core::number_text(breakpoint.value);
  return text;
}

std::optional<std::string> stop_reason(const Breakpoint& breakpoint,
                                       const record::StepRecord& record) {
  switch (breakpoint.kind) {
    case Breakpoint::Kind::step:
      if (static_cast<double>(record.step) >= breakpoint.value) {
        return "step " + std::to_string(record.step) + " is reached";
      }
      break;
    case Breakpoint::Kind::eviction:
      return first_eviction(record, std::nullopt);
    case Breakpoint::Kind::position:
      return first_eviction(record, static_cast<int>(breakpoint.value));
    case Breakpoint::Kind::disagreement:
      if (record.top1_agrees && !*record.top1_agrees) return "lane and twin disagree";
      break;
    case Breakpoint::Kind::divergence:
      if (record.logit_kl && *record.logit_kl > breakpoint.value) {
        return "the next-token KL is " + core::number_text(*record.logit_kl) + " nats";
      }
      break;
  }
  return std::nullopt;
}

void Pacing::play() {
  running_ = true;
  stopped_.clear();
}

void Pacing::pause() {
  running_ = false;
  until_.reset();
  steps_owed_ = 0;
}

void Pacing::step(int count) {
  running_ = false;
  until_.reset();
  stopped_.clear();
  steps_owed_ += std::max(count, 0);
}

void Pacing::run_until(const Breakpoint& breakpoint) {
  play();
  until_ = breakpoint;
}

void Pacing::set_speed(double tokens_per_second) {
  tokens_per_second_ = std::max(tokens_per_second, 0.0);
}

void Pacing::stop(std::string reason) {
  pause();
  stopped_ = std::move(reason);
}

void Pacing::fail() {
  failed_ = true;
  running_ = false;
}

void Pacing::begin_run(std::int64_t catch_up_until) {
  record_budget_.restart();
  failed_ = false;
  steps_owed_ = 0;
  catch_up_until_ = catch_up_until;
  until_.reset();
  stopped_.clear();
  last_step_ = {};
}

std::optional<Pacing::Clock::time_point> Pacing::next_due(const Need& need) const {
  if (failed_) return std::nullopt;
  if (need.replay || steps_owed_ > 0) return Clock::time_point{};
  if (!running_) return std::nullopt;
  if (tokens_per_second_ <= 0 || need.prompt) return Clock::time_point{};
  const std::chrono::duration<double> pause(1.0 / tokens_per_second_);
  return last_step_ + std::chrono::duration_cast<Clock::duration>(pause);
}

void Pacing::count_step() {
  if (steps_owed_ > 0) --steps_owed_;
}

void Pacing::check_records(const record::RecordLog& log) {
  if (record_budget_.is_taken_by(log)) stop(record_budget_.extend());
}

void Pacing::check_breakpoint(const record::StepRecord& record) {
  if (!until_) return;
  if (auto reason = stop_reason(*until_, record)) stop(std::move(*reason));
}

}  // namespace sketchscope::run
