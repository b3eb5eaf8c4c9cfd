#include "engine/train/training_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope::train {
namespace {

using Json = nlohmann::ordered_json;

Json as_json(const RecallShare& share) {
  return {{"from", share.from}, {"to", share.to}, {"asked", share.asked}, {"right", share.right}};
}

Json as_json(const ValidationMeasure& measure) {
  Json by_distance = Json::array();
  for (const auto& share : measure.by_distance) by_distance.push_back(as_json(share));
  return {{"loss", measure.loss},
          {"by_distance", by_distance},
          {"changed_facts",
           {{"asked", measure.changed_facts.asked}, {"right", measure.changed_facts.right}}}};
}

/// Appends to a file all of `text` or nothing. Returns whether that succeeded.
bool append_whole(const std::filesystem::path& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) return false;
  const off_t end = ::lseek(descriptor, 0, SEEK_END);
  const bool whole = ::write(descriptor, text.data(), text.size()) == std::ssize(text);
  // A full disk may take half a line, which no reader could tell from a damaged one.
  const bool undone = whole || ::ftruncate(descriptor, end) == 0;
  return ::close(descriptor) == 0 && whole && undone;
}

}  // namespace

std::vector<double> read_loss_curve(const std::filesystem::path& log) {
  std::vector<double> losses;
  std::istringstream lines(core::read_file(log));
  for (std::string text; std::getline(lines, text);) {
    const auto line = nlohmann::json::parse(text, nullptr, false);
    const auto next = losses.size() + 1;
    const bool fits = line.is_object() && line.contains("step") &&
                      line["step"].is_number_unsigned() && line.contains("loss") &&
                      line["loss"].is_number() && line["step"] >= 1U && line["step"] <= next;
    if (!fits) {
      throw core::Error(
          {.what = "training log " + log.string(),
           .found = text.substr(0, 80),
           .expected = "a JSON object with the loss of step " + std::to_string(next)});
    }
    losses.resize(line["step"].get<std::size_t>());
    losses.back() = line["loss"].get<double>();
  }
  return losses;
}

double largest_difference(std::span<const double> left, std::span<const double> right, int window) {
  const auto steps = std::min(left.size(), right.size());
  const auto length = static_cast<std::size_t>(window);
  double largest = 0;
  for (std::size_t first = 0; first + length <= steps; first += length) {
    const auto mean = [&](std::span<const double> curve) {
      const auto part = curve.subspan(first, length);
      return std::accumulate(part.begin(), part.end(), 0.0) / window;
    };
    largest = std::max(largest, std::abs(mean(left) - mean(right)));
  }
  return largest;
}

void append_to_log(const std::filesystem::path& file, const TrainingProgress& progress) {
  Json line = {{"step", progress.step},          {"tokens", progress.tokens},
               {"loss", progress.loss},          {"answer_loss", progress.answer_loss},
               {"rate", progress.learning_rate}, {"tokens_per_second", progress.tokens_per_second}};
  if (progress.validation) line["validation"] = as_json(*progress.validation);
  if (!append_whole(file, line.dump() + '\n')) {
    throw core::Error({.what = "training log",
                       .found = file.string() + ", which cannot be written",
                       .remedy = "Name a folder with write permission and space on the disk."});
  }
}

}  // namespace sketchscope::train
