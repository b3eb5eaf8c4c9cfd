#pragma once

#include <cstdint>

#include "engine/core/registry.hpp"
#include "kernels/kv_format.hpp"

namespace sketchscope {

/// The unit that has its own slot table: a layer, or a head of a layer.
enum class Granularity : std::uint8_t { layer, head };
template <>
inline constexpr std::array enum_names<Granularity> = {
    NamedValue{Granularity::layer, "layer"},
    NamedValue{Granularity::head, "head"},
};

/// How a prompt is fed: in one pass with full attention, after which the tables are cut, or token
/// by token. Each command resolves `automatic` for itself.
enum class Prefill : std::uint8_t { automatic, full, stream };
template <>
inline constexpr std::array enum_names<Prefill> = {
    NamedValue{Prefill::automatic, "auto"},
    NamedValue{Prefill::full, "full"},
    NamedValue{Prefill::stream, "stream"},
};

/// How slots are shared out among the layers of a lane (LayerBudgets).
enum class BudgetKind : std::uint8_t { equal, pyramid, adaptive };
template <>
inline constexpr std::array enum_names<BudgetKind> = {
    NamedValue{BudgetKind::equal, "equal"},
    NamedValue{BudgetKind::pyramid, "pyramid"},
    NamedValue{BudgetKind::adaptive, "adaptive"},
};

/// The measurement that the capacity is moved to hold (CapacityTarget).
enum class TargetKind : std::uint8_t { none, retained_mass, logit_kl };
template <>
inline constexpr std::array enum_names<TargetKind> = {
    NamedValue{TargetKind::none, "none"},
    NamedValue{TargetKind::retained_mass, "retained-mass"},
    NamedValue{TargetKind::logit_kl, "logit-kl"},
};

/// How many tokens a path offers where it forks: a fixed number, or more with its entropy.
enum class BranchGrowth : std::uint8_t { fixed, entropy };
template <>
inline constexpr std::array enum_names<BranchGrowth> = {
    NamedValue{BranchGrowth::fixed, "fixed"},
    NamedValue{BranchGrowth::entropy, "entropy"},
};

template <>
inline constexpr std::array enum_names<KvFormat> = {
    NamedValue{KvFormat::f32, "f32"},
    NamedValue{KvFormat::f16, "f16"},
    NamedValue{KvFormat::int8, "int8"},
    NamedValue{KvFormat::int4, "int4"},
};

}  // namespace sketchscope
