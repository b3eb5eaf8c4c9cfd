#include "engine/trace/operation.hpp"

#include <array>
#include <cstddef>

namespace sketchscope::trace {
namespace {

constexpr std::string_view kWeights = "weights, inputs and outputs";
constexpr std::string_view kRows = "rows read and written";
constexpr std::string_view kRead = "keys and values that are read";
constexpr std::string_view kCopies = "what is copied";

constexpr std::array kOperations = {
    OperationKind{.operation = Operation::prepare,
                  .name = "prepare",
                  .meaning = "takes the memory that the step will need: slots, pages, work space",
                  .part = Part::policy},
    OperationKind{.operation = Operation::embed,
                  .name = "embedding",
                  .meaning = "looks up the tokens' vectors",
                  .part = Part::model,
                  .limit = Limit::memory,
                  .bytes = kRows},
    OperationKind{.operation = Operation::norm,
                  .name = "norm",
                  .meaning = "normalises the residual rows",
                  .part = Part::model,
                  .limit = Limit::memory,
                  .bytes = kRows},
    OperationKind{.operation = Operation::qkv,
                  .name = "query, key, value",
                  .meaning = "projects to queries, keys and values",
                  .part = Part::model,
                  .limit = Limit::work,
                  .bytes = kWeights},
    OperationKind{.operation = Operation::head_norm,
                  .name = "head norm",
                  .meaning = "normalises the query and key of each head",
                  .part = Part::model,
                  .limit = Limit::memory,
                  .bytes = kRows},
    OperationKind{.operation = Operation::rotary,
                  .name = "rotary",
                  .meaning = "rotates queries and keys by their positions",
                  .part = Part::model,
                  .limit = Limit::memory,
                  .bytes = kRows},
    OperationKind{.operation = Operation::choose_victim,
                  .name = "choose victim",
                  .meaning = "scores the slots of a full table and chooses those that leave",
                  .part = Part::policy},
    OperationKind{.operation = Operation::evict,
                  .name = "evict",
                  .meaning = "records the victims and shows them to audit and tail summary",
                  .part = Part::policy},
    OperationKind{.operation = Operation::store,
                  .name = "store",
                  .meaning = "writes the incoming key and value to their slots",
                  .part = Part::policy},
    OperationKind{.operation = Operation::choose_slots,
                  .name = "choose slots",
                  .meaning = "selects the slots that the query reads",
                  .part = Part::attention},
    OperationKind{.operation = Operation::attention,
                  .name = "attention",
                  .meaning = "attends to the slots that are read",
                  .part = Part::attention,
                  .limit = Limit::work,
                  .bytes = kRead},
    OperationKind{.operation = Operation::update,
                  .name = "update",
                  .meaning = "adds the step's mass to what the lanes count",
                  .part = Part::policy},
    OperationKind{.operation = Operation::tail,
                  .name = "tail",
                  .meaning = "merges the summary of evicted positions",
                  .part = Part::policy,
                  .within = Operation::update},
    OperationKind{.operation = Operation::statistics,
                  .name = "statistics",
                  .meaning = "updates the statistics of the slots",
                  .part = Part::policy,
                  .within = Operation::update},
    OperationKind{.operation = Operation::count,
                  .name = "sketch and counters",
                  .meaning = "adds the mass to the sketch and to the audit's exact counters",
                  .part = Part::policy,
                  .within = Operation::update},
    OperationKind{.operation = Operation::audit,
                  .name = "audit",
                  .meaning = "attends to what was evicted too and compares, only to measure",
                  .part = Part::audit,
                  .limit = Limit::work,
                  .bytes = kRead},
    OperationKind{.operation = Operation::attention_output,
                  .name = "attention output",
                  .meaning = "projects what was attended to back to the residual",
                  .part = Part::model,
                  .limit = Limit::work,
                  .bytes = kWeights},
    OperationKind{.operation = Operation::residual,
                  .name = "residual",
                  .meaning = "adds an output to the residual rows",
                  .part = Part::model,
                  .limit = Limit::memory,
                  .bytes = kRows},
    OperationKind{.operation = Operation::up_projection,
                  .name = "up projection",
                  .meaning = "projects to the inner width",
                  .part = Part::model,
                  .limit = Limit::work,
                  .bytes = kWeights},
    OperationKind{.operation = Operation::activation,
                  .name = "activation",
                  .meaning = "applies the activation function",
                  .part = Part::model,
                  .limit = Limit::memory,
                  .bytes = kRows},
    OperationKind{.operation = Operation::down_projection,
                  .name = "down projection",
                  .meaning = "projects the inner rows back to the residual",
                  .part = Part::model,
                  .limit = Limit::work,
                  .bytes = kWeights},
    OperationKind{.operation = Operation::vocabulary,
                  .name = "vocabulary",
                  .meaning = "computes the logits of every token",
                  .part = Part::model,
                  .limit = Limit::work,
                  .bytes = kWeights},
    OperationKind{.operation = Operation::keep_logits,
                  .name = "keep logits",
                  .meaning = "gives each lane its logits and moves budgets between layers",
                  .part = Part::model},
    OperationKind{.operation = Operation::device_send,
                  .name = "send to the GPU",
                  .meaning = "copies tokens, plans and changed pages to the GPU",
                  .part = Part::model,
                  .limit = Limit::link,
                  .bytes = kCopies},
    OperationKind{
        .operation = Operation::device_pass,
        .name = "pass on the GPU",
        .meaning = "waits for the forward pass, which a step starts as one recorded graph",
        .part = Part::model},
    OperationKind{.operation = Operation::device_fetch,
                  .name = "fetch from the GPU",
                  .meaning = "copies logits, queries, keys, values and mass from the GPU",
                  .part = Part::model,
                  .limit = Limit::link,
                  .bytes = kCopies},
    OperationKind{.operation = Operation::sample,
                  .name = "sample",
                  .meaning = "draws the next token",
                  .part = Part::record},
    OperationKind{.operation = Operation::twin,
                  .name = "twin",
                  .meaning = "compares the next token's distribution with the twin's",
                  .part = Part::record},
    OperationKind{.operation = Operation::record,
                  .name = "record",
                  .meaning = "describes the step for its record",
                  .part = Part::record},
    OperationKind{.operation = Operation::keyframe,
                  .name = "keyframe",
                  .meaning = "keeps the state to which one can go back",
                  .part = Part::record},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    if (static_cast<std::size_t>(kOperations[i].operation) != i) return false;
  }
  return true;
}
static_assert(in_order(), "the table is indexed by operation");

}  // namespace

std::span<const OperationKind> operations() {
  return kOperations;
}

const OperationKind& kind_of(Operation operation) {
  return kOperations[static_cast<std::size_t>(operation)];
}

bool has_measured_bound(Operation operation) {
  return kind_of(operation).limit != Limit::link;
}

}  // namespace sketchscope::trace
