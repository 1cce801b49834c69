# What R says about panels and instruments: Rscript panels.R <folder>
#
# Reads balanced.csv, unbalanced.csv and dynamic.csv from the folder; writes results.csv (case, term, estimate, se),
# tests.csv (case, test, statistic) and employment.csv, the British firms that come with the package plm.
suppressMessages({
  library(plm)
  library(AER)
  library(sandwich)
})
options(digits = 17)
folder <- commandArgs(trailingOnly = TRUE)[1]
at <- function(name) file.path(folder, name)
source("notes.R")

for (name in c("balanced", "unbalanced")) {
  firms <- read.csv(at(paste0(name, ".csv")), colClasses = c(firm_id = "character"))
  panel <- pdata.frame(firms, index = c("firm_id", "wave"))

  random <- plm(output ~ rd + cooperation, panel, model = "random")
  note(paste0(name, "-random"), random)
  note(paste0(name, "-random-firms"), random, vcovHC(random, method = "arellano", type = "HC0", cluster = "group"))
  note(paste0(name, "-random-two-ways"), random, vcovDC(random, type = "HC0"))
  note(paste0(name, "-random-rows"), random, vcovHC(random, method = "white1", type = "HC0"))

  between <- plm(output ~ rd + cooperation, panel, model = "between")
  note(paste0(name, "-between"), between)

  changes <- plm(output ~ rd + cooperation, panel, model = "fd")
  note(paste0(name, "-changes"), changes)
  note(paste0(name, "-changes-firms"), changes, vcovHC(changes, method = "arellano", type = "HC0", cluster = "group"))

  firms$mean_rd <- ave(firms$rd, firms$firm_id)
  firms$mean_cooperation <- ave(firms$cooperation, firms$firm_id)
  means <- lm(output ~ rd + cooperation + mean_rd + mean_cooperation, firms)
  clustered <- vcovCL(means, cluster = firms$firm_id, type = "HC1")
  note(paste0(name, "-means"), means, clustered)
  tested <- c("mean_rd", "mean_cooperation")
  distance <- coef(means)[tested]
  note_test(paste0(name, "-means"), "wald", distance %*% solve(clustered[tested, tested], distance) / 2)

  inside <- ave(firms$patents, firms$firm_id) > 0
  counts <- glm(
    patents ~ rd + cooperation + wave + firm_id, poisson, transform(firms[inside, ], wave = factor(wave)),
    control = glm.control(epsilon = 1e-14, maxit = 100)
  )
  note(paste0(name, "-counts"), counts, terms = c("rd", "cooperation"))
  note(
    paste0(name, "-counts-firms"), counts, vcovCL(counts, cluster = firms$firm_id[inside], type = "HC0"),
    terms = c("rd", "cooperation")
  )

  moved <- ivreg(output ~ cooperation + rd | cooperation + support + distance, data = firms)
  note(paste0(name, "-iv"), moved)
  note(paste0(name, "-iv-rows"), moved, vcovHC(moved, type = "HC1"))
  note(paste0(name, "-iv-firms"), moved, vcovCL(moved, cluster = firms$firm_id, type = "HC1"))
  ways <- vcovCL(moved, cluster = firms[c("firm_id", "wave")], type = "HC1", multi0 = FALSE)
  note(paste0(name, "-iv-two-ways"), moved, ways)
  found <- summary(moved, diagnostics = TRUE)$diagnostics[, "statistic"]
  for (test in names(found)) note_test(paste0(name, "-iv"), test, found[test])
  robust <- summary(moved, vcov. = function(fit) vcovHC(fit, type = "HC1"), diagnostics = TRUE)$diagnostics[, "statistic"]
  for (test in names(robust)) note_test(paste0(name, "-iv-rows"), test, robust[test])
}

persistence <- function(case, formula, data) {
  for (steps in c("onestep", "twosteps")) {
    fit <- pgmm(formula, data, effect = "twoways", model = steps)
    found <- summary(fit, robust = TRUE)
    terms <- rownames(found$coefficients)
    results[[length(results) + 1]] <<- data.frame(
      case = paste(case, steps, sep = "-"), term = terms,
      estimate = found$coefficients[, "Estimate"], se = found$coefficients[, "Std. Error"]
    )
    if (steps == "twosteps") {
      uncorrected <- summary(fit, robust = FALSE)$coefficients
      results[[length(results) + 1]] <<- data.frame(
        case = paste(case, "uncorrected", sep = "-"), term = rownames(uncorrected),
        estimate = uncorrected[, "Estimate"], se = uncorrected[, "Std. Error"]
      )
      note_test(paste(case, steps, sep = "-"), "hansen", found$sargan$statistic)
    }
    note_test(paste(case, steps, sep = "-"), "m1", found$m1$statistic)
    note_test(paste(case, steps, sep = "-"), "m2", found$m2$statistic)
  }
}

data(EmplUK)
persistence(
  "employment",
  log(emp) ~ lag(log(emp), 1:2) + lag(log(wage), 0:1) + lag(log(capital), 0:2) + lag(log(output), 0:2) |
    lag(log(emp), 2:99),
  EmplUK
)
persistence(
  "endogenous",
  log(emp) ~ lag(log(emp), 1) + lag(log(wage), 0:1) + lag(log(capital), 0:1) |
    lag(log(emp), 2:99) + lag(log(wage), 2:99) + lag(log(capital), 2:99),
  EmplUK
)
dynamic <- pdata.frame(read.csv(at("dynamic.csv"), colClasses = c(firm_id = "character")), index = c("firm_id", "wave"))
persistence("dynamic", output ~ lag(output, 1) + rd | lag(output, 2:99), dynamic)
persistence("window", output ~ lag(output, 1) + rd | lag(output, 2:3), dynamic)

write.csv(EmplUK, at("employment.csv"), row.names = FALSE)
write.csv(do.call(rbind, results), at("results.csv"), row.names = FALSE)
write.csv(do.call(rbind, tests), at("tests.csv"), row.names = FALSE)
