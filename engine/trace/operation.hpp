#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sketchscope::trace {

/// The operations that a step consists of, in the order in which a step first comes to them.
enum class Operation : std::uint8_t {
  prepare,
  embed,
  norm,
  qkv,
  head_norm,
  rotary,
  choose_victim,
  evict,
  store,
  choose_slots,
  attention,
  update,
  tail,
  statistics,
  count,
  audit,
  attention_output,
  residual,
  up_projection,
  activation,
  down_projection,
  vocabulary,
  keep_logits,
  device_send,
  device_pass,
  device_fetch,
  sample,
  twin,
  record,
  keyframe,
};

/// The part of a step's time to which an operation counts, as in record::PhaseTimes.
enum class Part : std::uint8_t { model, attention, policy, audit, record };

/// What limits an operation at best.
enum class Limit : std::uint8_t {
  none,    ///< its work is not counted: bookkeeping that follows the data
  memory,  ///< the memory bandwidth: its bytes are counted
  work,    ///< the bandwidth or the arithmetic rate, whichever takes longer: both are counted
  link,    ///< the link to a device, whose rate is not measured: its bytes are counted
};

/// An operation as it is shown and written.
struct OperationKind {
  Operation operation;
  std::string_view name;
  std::string_view meaning;  ///< a phrase: what it does
  Part part = Part::model;
  Limit limit = Limit::none;
  std::string_view bytes = {};  ///< what its bytes are; empty where none are counted
  /// The operation as a part of which it runs, whose time contains its own; lanes run it in
  /// parallel.
  std::optional<Operation> within = {};
};

/// Returns all operations, by value of Operation.
std::span<const OperationKind> operations();
const OperationKind& kind_of(Operation operation);
/// Returns whether what limits the operation is measured of the processor: a share of that bound
/// has a meaning then, if work was counted.
bool has_measured_bound(Operation operation);

}  // namespace sketchscope::trace
