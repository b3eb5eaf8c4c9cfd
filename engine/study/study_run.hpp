#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "engine/model/model.hpp"
#include "engine/study/grid.hpp"
#include "engine/study/material.hpp"
#include "engine/study/study_folder.hpp"
#include "engine/study/work_queue.hpp"

namespace sketchscope {

/// What the workers of a study measure.
struct Study {
  std::shared_ptr<const Model> model;
  const Grid& grid;
  const StudyMaterial& material;
  int lanes = 64;   ///< that advance together in one worker
  int threads = 1;  ///< of one worker
};

/// Measures batches from the queue until the study is over or a stop is requested.
void work_on(const Study& study, KeyStore& store, int rank, const std::stop_token& stop);

/// Rank 0: hands out what `folder` still lacks, works on it too, and writes each result as it
/// comes. Ends when all are there or a stop is requested. `progress` hears the share done.
void conduct(const Study& study, KeyStore& store, StudyFolder& folder, const QueueOptions& options,
             const std::function<void(double)>& progress, const std::stop_token& stop);

}  // namespace sketchscope
