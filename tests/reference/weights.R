# Calibrated weights and jackknife variances by R's package survey, for tests/weight/test_reference.py.
# Rscript tests/reference/weights.R  (from the project's folder; made with R 4.2.2 and survey 4.1-1)
suppressMessages(library(survey))
firms <- read.csv("tests/reference/weights_sample.csv", colClasses = c(firm_id = "character"))
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~d, fpc = ~N, data = firms)
control <- list(epsilon = 1e-13, maxit = 500)
formula <- ~ factor(size) + factor(region) + employees - 1
# R takes the columns of the model matrix: three sizes, one region of two, employees.
stopifnot(identical(colnames(model.matrix(formula, firms)),
                    c("factor(size)1", "factor(size)2", "factor(size)3", "factor(region)west", "employees")))
total <- c(`factor(size)1` = 47, `factor(size)2` = 61, `factor(size)3` = 33, `factor(region)west` = 64, employees = 4100)
run <- function(calfun, bounds = c(-Inf, Inf)) {
  calibrate(design, formula, total, calfun = calfun, bounds = bounds, maxit = 500, epsilon = 1e-13)
}
found <- list(
  raking = run("raking"), linear = run("linear"),
  linear_bounded = run("linear", c(0.8, 1.3)), logit = run("logit", c(0.5, 2))
)
weights <- data.frame(firm_id = firms$firm_id, lapply(found, weights))
jackknife <- as.svrepdesign(design, type = "JKn")
again <- calibrate(jackknife, formula, total, calfun = "raking", maxit = 500, epsilon = 1e-13)
errors <- data.frame(
  statistic = c("total_plain", "mean_plain", "total_taylor", "total_raking", "mean_raking"),
  se = c(SE(svytotal(~y, jackknife)), SE(svymean(~y, jackknife)), SE(svytotal(~y, design)),
         SE(svytotal(~y, again)), SE(svymean(~y, again)))
)
write.csv(format(weights, digits = 15), "tests/reference/weights_calibrated.csv", row.names = FALSE, quote = FALSE)
write.csv(format(errors, digits = 15), "tests/reference/weights_errors.csv", row.names = FALSE, quote = FALSE)
