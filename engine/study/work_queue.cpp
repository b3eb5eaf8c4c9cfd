#include "engine/study/study_run.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"

namespace sketchscope::study {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

// The keys of the store. Those that end with a slash are followed by a ticket's number or a rank.
constexpr const char* kTickets = "tickets";  // counter of tickets taken so far
constexpr const char* kOver = "over";
constexpr const char *kBatch = "batch/", *kClaim = "claim/", *kResult = "result/";
constexpr const char *kBeat = "beat/", *kLeft = "left/", *kFed = "fed/";

std::string store_key(const char* what, std::int64_t number) {
  return what + std::to_string(number);
}

}  // namespace

StudyWorker::StudyWorker(KeyStore& store, int rank, const std::stop_token& stop)
    : store_(store),
      rank_(rank),
      forward_(stop, [this] { stop_.request_stop(); }),
      heartbeat_thread_([this](const std::stop_token& end) { beat(end); }) {}

StudyWorker::~StudyWorker() {
  try {
    store_.add(store_key(kLeft, rank_), 1);
  } catch (const core::Error&) {
    // The store is gone, so there is no coordinator left to sign off from.
  }
}

void StudyWorker::beat(const std::stop_token& end) {
  std::int64_t reported = 0;
  try {
    while (!end.stop_requested()) {
      if (store_.get(kOver)) stop_.request_stop();
      store_.add(store_key(kBeat, rank_), 1);
      const std::int64_t fed = fed_;
      store_.add(store_key(kFed, rank_), fed - reported);
      reported = fed;
      for (int wait = 0; wait < 10 && !end.stop_requested(); ++wait) {
        std::this_thread::sleep_for(20ms);
      }
    }
  } catch (const core::Error&) {
    // The store is gone; the next take() or deliver() reports it.
  }
}

std::optional<Assignment> StudyWorker::take() {
  const std::int64_t ticket = store_.add(kTickets, 1) - 1;
  store_.set(store_key(kClaim, ticket), std::to_string(rank_));
  while (!stop_.stop_requested()) {
    if (const auto batch = store_.get(store_key(kBatch, ticket))) {
      return Assignment{.ticket = ticket, .batch = Json::parse(*batch).get<WorkBatch>()};
    }
    if (store_.get(kOver)) break;
    std::this_thread::sleep_for(20ms);
  }
  return std::nullopt;
}

void StudyWorker::deliver(const Assignment& assignment, std::span<const std::string> results) {
  store_.set(store_key(kResult, assignment.ticket),
             Json(std::vector<std::string>(results.begin(), results.end())).dump());
}

Coordinator::Coordinator(KeyStore& store, std::vector<WorkBatch> work, QueueOptions options)
    : store_(store), options_(options) {
  for (WorkBatch& batch : work) {
    for (const std::size_t configuration : batch) collected_[configuration] = false;
    publish(std::move(batch));
  }
  missing_ = collected_.size();
}

Coordinator::~Coordinator() {
  try {
    store_.set(kOver, "1");
    for (int wait = 0; wait < 150 && !all_left(); ++wait) std::this_thread::sleep_for(20ms);
  } catch (const core::Error&) {
    // The store is gone, so no worker is left to notify.
  }
}

// Returns whether all workers that recently sent a heartbeat have signed off.
bool Coordinator::all_left() {
  const auto now = Clock::now();
  return std::ranges::all_of(heartbeats_, [&](const auto& entry) {
    const auto& [rank, heartbeat] = entry;
    const bool alive = heartbeat.beats > 0 && now - heartbeat.changed_at < options_.timeout;
    return !alive || store_.add(store_key(kLeft, rank), 0) > 0;
  });
}

void Coordinator::publish(WorkBatch batch) {
  store_.set(store_key(kBatch, std::ssize(tickets_)), Json(batch).dump());
  tickets_.push_back({.batch = std::move(batch)});
}

std::int64_t Coordinator::tokens_fed() const {
  std::int64_t fed = 0;
  for (const auto& [rank, heartbeat] : heartbeats_) fed += heartbeat.fed;
  return fed;
}

void Coordinator::poll_heartbeats(Clock::time_point now) {
  for (int rank = 0; rank < options_.ranks; ++rank) {
    Heartbeat& heartbeat = heartbeats_[rank];
    heartbeat.fed = store_.add(store_key(kFed, rank), 0);
    const std::int64_t beats = store_.add(store_key(kBeat, rank), 0);
    if (beats == heartbeat.beats) continue;
    heartbeat.beats = beats;
    heartbeat.changed_at = now;
  }
}

void Coordinator::poll(const OnResult& on_result, Clock::time_point now) {
  poll_heartbeats(now);
  const auto taken = static_cast<std::size_t>(store_.add(kTickets, 0));
  const std::size_t count = std::min(tickets_.size(), taken);
  for (std::size_t number = 0; number < count; ++number) {
    const auto ticket_number = static_cast<std::int64_t>(number);
    // A worker that was presumed dead may still deliver.
    if (const auto delivered = store_.get(store_key(kResult, ticket_number))) {
      store_.remove(store_key(kResult, ticket_number));
      collect(number, *delivered, on_result);
    }
    Ticket& ticket = tickets_[number];
    if (ticket.closed) continue;
    if (!ticket.taken_at) ticket.taken_at = now;
    if (!ticket.rank) {
      if (const auto claim = store_.get(store_key(kClaim, ticket_number)))
        ticket.rank = std::stoi(*claim);
    }
    if (given_up(ticket, now)) hand_back(ticket);
  }
}

void Coordinator::collect(std::size_t ticket, const std::string& delivered,
                          const OnResult& on_result) {
  const auto results = Json::parse(delivered).get<std::vector<std::string>>();
  tickets_[ticket].closed = true;
  const WorkBatch batch = tickets_[ticket].batch;
  for (std::size_t at = 0; at < std::min(results.size(), batch.size()); ++at) {
    bool& collected = collected_.at(batch[at]);
    if (collected) continue;
    on_result(batch[at], results[at]);
    collected = true;
    --missing_;
  }
}

bool Coordinator::given_up(const Ticket& ticket, Clock::time_point now) const {
  Clock::time_point sign = *ticket.taken_at;
  if (ticket.rank) {
    const auto heartbeat = heartbeats_.find(*ticket.rank);
    if (heartbeat != heartbeats_.end()) sign = std::max(sign, heartbeat->second.changed_at);
  }
  return now - sign > options_.timeout;
}

void Coordinator::hand_back(Ticket& ticket) {
  ticket.closed = true;
  WorkBatch rest;
  for (const std::size_t configuration : ticket.batch) {
    if (!collected_.at(configuration)) rest.push_back(configuration);
  }
  if (rest.empty()) return;
  ++handed_back_;
  publish(std::move(rest));  // invalidates `ticket`, as the list may reallocate
}

}  // namespace sketchscope::study
