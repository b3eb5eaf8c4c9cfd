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

/// The configurations and material that the workers of a study measure.
struct Study {
  std::shared_ptr<const Model> model;
  const Grid& grid;
  const StudyMaterial& material;
  int lanes = 64;   ///< upper limit of lanes per worker
  int threads = 1;  ///< threads per worker
};

/// Measures batches from the queue until the study is over or a stop is requested.
void work_on(const Study& study, KeyStore& store, int rank, const std::stop_token& stop);

/// Runs rank 0: distributes the configurations that `folder` lacks, measures some itself, and
/// writes each result on arrival. Returns when all are complete or a stop is requested. `progress`
/// receives the share done.
void conduct(const Study& study, KeyStore& store, StudyFolder& folder, const QueueOptions& options,
             const std::function<void(double)>& progress, const std::stop_token& stop);

}  // namespace sketchscope
