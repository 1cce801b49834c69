# What R's package survey says about made-up samples: Rscript survey.R <folder>
#
# Reads sample.csv, lonely.csv, panel.csv and full_panel.csv from the folder; writes results.csv (case, group, statistic, estimate, se)
# and, for Python to estimate from, the weights that R made: calibration.csv, jackknife.csv, bootstrap.csv and their
# scales. Where R's default differs from the package's formula, the option that is the same is taken and said here.
suppressMessages(library(survey))
options(
  survey.replicates.mse = TRUE,          # deviations from the estimate, not from the replicates' mean
  survey.drop.replicates = FALSE,        # a stratum taken whole is dropped from the replicates, but not from the estimate
  survey.adjust.domain.lonely = FALSE,   # one firm of the domain in a larger stratum: the others are zeros
  digits = 17
)
folder <- commandArgs(trailingOnly = TRUE)[1]
at <- function(name) file.path(folder, name)
results <- list()

note <- function(case, group, statistic, estimate, se)
  results[[length(results) + 1]] <<- data.frame(
    case = case, group = group, statistic = statistic, estimate = as.numeric(estimate), se = as.numeric(se)
  )

# Woodruff's interval, Q(p -+ t se(F)), has no option in svyquantile (its interval lies around F(Q), not around p): it is
# put together from svymean and svyquantile. qrule "school": the midpoint where the distribution reaches p exactly.
woodruff <- function(design, p, df) {
  w <- weights(design, "sampling"); y <- design$variables$y[w > 0]; w <- w[w > 0]
  lowest <- sum(w[y == min(y)]) / sum(w)   # below it svyquantile gives the second smallest value, and not the smallest
  value <- function(share)
    if (share < lowest) min(y) else as.numeric(svyquantile(~y, design, share, ci = FALSE, qrule = "school")[[1]])
  q <- value(p)
  design$variables$below <- as.numeric(design$variables$y <= q)
  se <- as.numeric(SE(svymean(~below, design)))
  t <- qt(0.975, df)
  if (t * se >= min(p, 1 - p)) return(c(NA, NA))   # the interval reaches beyond the answers: not estimated
  c(q, (value(p + t * se) - value(p - t * se)) / (2 * t))
}

# Firms of the strata that the domain has a row in, minus these strata (survey's degf counts the domain's firms only).
freedom <- function(rows) {
  strata <- rows[!duplicated(rows$stratum), ]
  sum(strata$n) - nrow(strata)
}

one_domain <- function(case, group, design, df) {
  total <- svytotal(~y, design); note(case, group, "total", coef(total), SE(total))
  mean <- svymean(~y, design); note(case, group, "mean", coef(mean), SE(mean))
  share <- svymean(~yes, design); note(case, group, "share", 100 * coef(share), 100 * SE(share))
  ratio <- svyratio(~y, ~x, design); note(case, group, "ratio", coef(ratio), SE(ratio))
  for (p in c(0.25, 0.5, 0.9)) {
    q <- woodruff(design, p, df); note(case, group, paste0("quantile", p), q[1], q[2])
  }
}

# Differences of two domains: totals of both at once, and a contrast of them (the delta method; with replicates, the
# contrast in each replicate).
differences <- function(case, design) {
  for (name in c("a", "b")) {
    inside <- design$variables$group == name
    for (variable in c("y", "x", "yes")) design$variables[[paste0(variable, name)]] <- inside * design$variables[[variable]]
    design$variables[[paste0("n", name)]] <- as.numeric(inside)
  }
  columns <- ~ ya + yb + xa + xb + yesa + yesb + na + nb
  totals <- if (inherits(design, "svyrep.design")) svytotal(columns, design, return.replicates = TRUE) else svytotal(columns, design)
  one <- function(statistic, expression) {
    d <- svycontrast(totals, list(d = expression)); note(case, "a-b", statistic, coef(d), SE(d))
  }
  one("total", quote(ya - yb))
  one("mean", quote(ya / na - yb / nb))
  one("share", quote(100 * yesa / na - 100 * yesb / nb))
  one("ratio", quote(ya / xa - yb / xb))
}

all_of <- function(case, design, answered) {
  for (group in c("a", "b", "c", "all")) {
    keep <- answered & (group == "all" | design$variables$group == group)
    one_domain(case, group, design[keep, ], freedom(design$variables[keep, ]))
  }
  differences(case, design[answered & design$variables$group %in% c("a", "b"), ])
}

sample <- read.csv(at("sample.csv")); lonely <- read.csv(at("lonely.csv")); panel <- read.csv(at("panel.csv"))
full_panel <- read.csv(at("full_panel.csv"))
for (part in c("sample", "lonely", "panel", "full_panel")) {
  frame <- get(part)
  frame$n <- ave(rep(1, nrow(frame)), frame$stratum, FUN = sum)
  if (endsWith(part, "panel")) frame$n <- ave(as.numeric(factor(frame$firm_id)), frame$stratum, FUN = function(f) length(unique(f)))
  assign(part, frame)
}
answered <- !is.na(sample$y)
sample$y[!answered] <- 0   # outside every domain, but survey's residuals multiply it by zero

# 1. Strata, finite populations, a stratum taken whole, item non-response, domains across strata.
finite <- svydesign(ids = ~1, strata = ~stratum, fpc = ~N, weights = ~w, data = sample)
all_of("finite", finite, answered)
infinite <- svydesign(ids = ~1, strata = ~stratum, weights = ~w, data = sample)
all_of("infinite", infinite, answered)
deff <- svymean(~y, finite[answered, ], deff = TRUE); note("finite", "all", "deff", deff(deff), NA)

# 2. Strata with a single firm: adjust is our centre. R's adjust takes deviations from zero, ours from the mean of z over
# the sample: the same for all but totals.
single <- svydesign(ids = ~1, strata = ~stratum, fpc = ~N, weights = ~w, data = lonely)
for (rule in c("certainty", "average", "adjust")) {
  options(survey.lonely.psu = rule)
  all_of(paste0("lonely_", rule), single, rep(TRUE, nrow(lonely)))
}
options(survey.lonely.psu = "fail")

# 3. Pooled waves: the firm is the cluster.
pooled <- svydesign(ids = ~firm_id, strata = ~stratum, weights = ~w, data = panel)
all_of("pooled", pooled, rep(TRUE, nrow(panel)))

# The same firms in both waves, of a finite population. R knows one fraction by stratum, not one by pairs of waves.
pooled_finite <- svydesign(ids = ~firm_id, strata = ~stratum, weights = ~w, fpc = ~N, data = full_panel)
all_of("pooled_finite", pooled_finite, rep(TRUE, nrow(full_panel)))

# 4. Calibrated on margins (counts by size and by branch, sum of x): linear and raking; one margin is redundant.
totals <- read.csv(at("totals.csv"))
population <- setNames(totals$total, totals$name)
margins <- ~ factor(size) + factor(branch) + known
for (method in c("linear", "raking")) {
  calibrated <- calibrate(finite, margins, population = population, calfun = method, epsilon = 1e-12, maxit = 200)
  all_of(paste0("calibrated_", method), calibrated, answered)
  write.csv(
    data.frame(firm_id = sample$firm_id, weight_final = weights(calibrated), g_weight = weights(calibrated) / sample$w),
    at(paste0("calibration_", method, ".csv")), row.names = FALSE
  )
}
both_waves <- read.csv(at("panel_totals.csv"))

# 5. Pooled waves, each calibrated on its own margins: the calibration variables times the wave's indicator.
panel_margins <- ~ 0 + factor(wave) + factor(wave):factor(size)
panel_population <- setNames(both_waves$total, both_waves$name)
calibrated <- calibrate(pooled, panel_margins, population = panel_population, calfun = "linear")
all_of("pooled_calibrated", calibrated, rep(TRUE, nrow(panel)))
write.csv(
  data.frame(
    firm_id = panel$firm_id, wave = panel$wave, weight_final = weights(calibrated),
    g_weight = weights(calibrated) / panel$w
  ),
  at("panel_calibration.csv"), row.names = FALSE
)

# 6. Replicate weights. Each replicate is a linear calibration of its own in the last case.
set.seed(20)
write_replicates <- function(case, design) {
  all_of(case, design, answered)
  write.csv(as.data.frame(weights(design, "analysis")), at(paste0(case, ".csv")), row.names = FALSE)
  write.csv(
    data.frame(scale = design$scale * design$rscales * rep(1, ncol(weights(design, "analysis")))),
    at(paste0(case, "_scales.csv")), row.names = FALSE
  )
}
jackknife <- as.svrepdesign(finite, type = "JKn")
write_replicates("jackknife", jackknife)
write_replicates("bootstrap", as.svrepdesign(finite, type = "subbootstrap", replicates = 80))
write_replicates("jackknife_calibrated", calibrate(jackknife, margins, population = population, calfun = "linear"))

write.csv(do.call(rbind, results), at("results.csv"), row.names = FALSE)
