#include "engine/study/rendezvous.hpp"

#include <cstdlib>
#include <limits>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::study {
namespace {

int number(const Environment& environment, const std::string& name, int minimum, int maximum) {
  const auto text = environment(name);
  const auto value = text ? core::parse_number<int>(*text) : std::nullopt;
  if (value && *value >= minimum && *value <= maximum) return *value;
  throw core::UsageError({.what = "environment variable " + name,
                          .found = text ? "'" + *text + "'" : "nothing",
                          .expected = "a whole number from " + std::to_string(minimum) + " to " +
                                      std::to_string(maximum)});
}

Rendezvous rendezvous(const Environment& environment, const std::string& rank_name,
                      const std::string& ranks_name) {
  constexpr int kPortMaximum = std::numeric_limits<std::uint16_t>::max();
  Rendezvous found;
  found.ranks = number(environment, ranks_name, 1, std::numeric_limits<int>::max());
  found.rank = number(environment, rank_name, 0, found.ranks - 1);
  if (environment("MASTER_PORT")) {
    found.port = static_cast<std::uint16_t>(number(environment, "MASTER_PORT", 1, kPortMaximum));
  }
  if (const auto address = environment("MASTER_ADDR")) {
    found.address = *address;
  } else if (const auto hosts = environment("SLURM_STEP_NODELIST")) {
    found.address = first_host(*hosts);
  }
  return found;
}

}  // namespace

void MemoryKeyStore::set(const std::string& key, const std::string& value) {
  const std::scoped_lock lock(mutex_);
  values_[key] = value;
}

std::optional<std::string> MemoryKeyStore::get(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const auto found = values_.find(key);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t MemoryKeyStore::add(const std::string& key, std::int64_t amount) {
  const std::scoped_lock lock(mutex_);
  return counters_[key] += amount;
}

void MemoryKeyStore::remove(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  values_.erase(key);
}

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

std::optional<Rendezvous> rendezvous_of(const Environment& environment) {
  if (environment("RANK")) return rendezvous(environment, "RANK", "WORLD_SIZE");
  if (environment("SLURM_PROCID")) return rendezvous(environment, "SLURM_PROCID", "SLURM_NTASKS");
  return std::nullopt;
}

std::string first_host(const std::string& list) {
  const std::size_t end = list.find_first_of(",[");
  const std::string host = list.substr(0, end);
  if (end == std::string::npos || list[end] == ',') return host;
  return host + list.substr(end + 1, list.find_first_of(",-]", end) - end - 1);
}

}  // namespace sketchscope::study
