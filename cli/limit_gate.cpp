#include "cli/limit_gate.hpp"

#include <cmath>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "engine/settings/knob_changes.hpp"

namespace sketchscope::cli {
namespace {

using Json = nlohmann::json;

constexpr const char* kAbove = "--fail-above";
constexpr const char* kBelow = "--fail-below";

/// Returns the member that a path with points names; null if there is none.
const Json* member(const Json& json, const std::string& path) {
  const Json* at = &json;
  std::istringstream parts(path);
  for (std::string part; std::getline(parts, part, '.');) {
    if (!at->is_object() || !at->contains(part)) return nullptr;
    at = &at->at(part);
  }
  return at;
}

std::optional<double> figure_of(const Json& json, const std::string& name) {
  for (const std::string& path : {"result." + name, name}) {
    const Json* found = member(json, path);
    if (found != nullptr && found->is_number()) return found->get<double>();
  }
  return std::nullopt;
}

void add_names(const Json& json, const std::string& path, std::vector<std::string>& names) {
  for (const auto& [key, value] : json.items()) {
    if (value.is_number()) names.push_back(path + key);
    if (value.is_object() && key != "config") add_names(value, path + key + ".", names);
  }
}

/// Returns the names by which a result's figures can be limited.
std::vector<std::string> figure_names(const Json& json) {
  std::vector<std::string> names;
  add_names(json.value("result", Json::object()), "", names);
  Json others = json;
  others.erase("result");
  add_names(others, "", names);
  return names;
}

std::string not_measured(const std::string& name, const Json& json) {
  const std::vector<std::string> names = figure_names(json);
  const auto like = core::nearest(name, {names.begin(), names.end()});
  return core::Error({.what = name,
                      .found = "no such figure in the result",
                      .expected = "one that was measured, nearest: " + core::join(like),
                      .remedy = "--twin measures ratios to the full cache, --against those to "
                                "other knobs, as against.times_its_perplexity"})
      .what();
}

core::UsageError unreadable_limit(const char* flag, const std::string& text) {
  return core::UsageError({.what = flag,
                           .found = "'" + text + "'",
                           .expected = "FIGURE=LIMIT, as in perplexity_ratio=1.2"});
}

/// Formats a figure with its interval, if any: "1.31 (1.2 to 1.43)".
std::string figure_text(const Json& json, const std::string& name, double value) {
  const auto text = [](double number) { return core::number_text(number); };
  const auto low = figure_of(json, name + "_low"), high = figure_of(json, name + "_high");
  return low && high ? text(value) + " (" + text(*low) + " to " + text(*high) + ")" : text(value);
}

}  // namespace

void LimitGate::declare(Flags& flags) {
  flags.group("Limits");
  flags.add_reader(
      kAbove, "FIGURE=LIMIT,...",
      [this](const std::string& text) { read_limits(Side::above, text); },
      "end with exit code 1 if a figure of the JSON is above its limit, as in "
      "perplexity_ratio=1.2,memory.kv_bytes=1e6 or against.times_its_perplexity=1");
  flags.add_reader(
      kBelow, "FIGURE=LIMIT,...",
      [this](const std::string& text) { read_limits(Side::below, text); },
      "likewise if it is below, as in top1_agreement=0.9");
  flags.add_output("--junit", junit_, "write the verdict on each limit to this file, JUnit XML");
}

void LimitGate::read_limits(Side side, const std::string& text) {
  const std::vector<std::string> parts = settings::list_parts(text);
  const char* const flag = side == Side::above ? kAbove : kBelow;
  if (parts.empty()) throw unreadable_limit(flag, text);
  for (const std::string& part : parts) {
    const std::size_t at = part.find('=');
    const auto number =
        at == std::string::npos ? std::nullopt : core::parse_number<double>(part.substr(at + 1));
    if (!number || !std::isfinite(*number) || at == 0) {
      throw unreadable_limit(flag, part);
    }
    limits_.push_back({.side = side, .figure = part.substr(0, at), .number = *number});
  }
}

void LimitGate::check_flags() const {
  if (junit_.empty()) return;
  if (limits_.empty()) {
    throw core::UsageError(
        {.what = "--junit", .expected = std::string(kAbove) + " or " + kBelow + " beside it"});
  }
  // An unwritable folder is reported before the work.
  const core::PendingFile probe(junit_);
}

void LimitGate::watch(const std::string& suite, const std::function<void()>& work) const {
  try {
    work();
  } catch (const std::exception& error) {
    write(suite, {{.name = suite, .failure = error.what()}});
    throw;
  }
}

core::JunitCase LimitGate::verdict(const Limit& limit, const Json& json) {
  const bool above = limit.side == Side::above;
  const std::string number = core::number_text(limit.number);
  core::JunitCase made{.name = limit.figure + (above ? " <= " : " >= ") + number};
  const auto value = figure_of(json, limit.figure);
  if (!value) {
    made.failure = not_measured(limit.figure, json);
    return made;
  }
  const std::string found = figure_text(json, limit.figure, *value);
  made.log = {limit.figure + " = " + found};
  if (above ? *value > limit.number : *value < limit.number) {
    made.failure = limit.figure + " is " + found + ", " + (above ? "above " : "below ") + number;
  }
  return made;
}

std::string LimitGate::judge(const std::string& suite, const Json& json, bool interrupted) const {
  std::string failures;
  std::vector<core::JunitCase> cases;
  for (const Limit& limit : limits_) {
    core::JunitCase made = verdict(limit, json);
    if (interrupted) made.failure = "interrupted before all was measured";
    if (!made.failure.empty()) failures += (failures.empty() ? "" : "\n") + made.failure;
    cases.push_back(std::move(made));
  }
  write(suite, cases);
  return failures;
}

void LimitGate::write(const std::string& suite, const std::vector<core::JunitCase>& cases) const {
  if (!junit_.empty()) core::write_file(junit_, core::junit_xml(suite, cases));
}

}  // namespace sketchscope::cli
