# What R says of least squares, panels, instruments, quantiles and weights on the Colombian firms: Rscript
# colombia_linear.R <folder>
#
# Reads firms.csv from the folder; writes results.csv (case, term, estimate, se) and tests.csv (case, test, statistic).
# Samples are cut here anew, from the questions that the models ask, so that they are compared as well.
suppressMessages({library(plm); library(AER); library(sandwich); library(survey); library(quantreg)})
options(digits = 17)
folder <- commandArgs(trailingOnly = TRUE)[1]
firms <- read.csv(file.path(folder, "firms.csv"), colClasses = c(firm_id = "character", industry = "character"))
firms <- transform(
  firms, rd = log1p(rd_per_employee), wave = factor(wave), industry_class = factor(industry_class),
  y = log_sales_per_employee
)
source("notes.R")
complete <- function(rows, ...) droplevels(rows[complete.cases(rows[c(...)]), ])
repeated <- function(rows) rows[ave(rep(1, nrow(rows)), rows$firm_id, FUN = length) > 1, ]

# Least squares, with every covariance of sandwich.
sellers <- complete(firms, "y", "log_employees")
ols <- lm(
  y ~ technical_innovation * nontechnical_innovation + log_employees + industry_class + wave, sellers
)
note("ols-classical", ols)
for (type in c("HC0", "HC1", "HC2", "HC3")) note(paste0("ols-", tolower(type)), ols, vcovHC(ols, type = type))
note("ols-firms", ols, vcovCL(ols, cluster = sellers$firm_id, type = "HC1"))
ways <- vcovCL(ols, cluster = sellers[c("firm_id", "industry")], type = "HC1", multi0 = FALSE)
note("ols-two-ways", ols, ways)

# The study's own model: industries within each revision of their codes. The last wave alone has the fourth revision, so
# that its industries leave nothing for the wave to say.
within <- transform(sellers, cell = interaction(industry, industry_rev, drop = TRUE), before = wave == "2011")
declared <- lm(y ~ technical_innovation * nontechnical_innovation + log_employees + cell + before, within)
terms <- c("technical_innovation", "nontechnical_innovation", "technical_innovation:nontechnical_innovation", "log_employees")
note("declared-firms", declared, vcovCL(declared, cluster = sellers$firm_id, type = "HC1"), terms)

# Effects of firms and waves. Stata's rule for small samples: under clusters of firms their effects do not count, but
# the slopes, the constant and the waves do.
panel <- repeated(complete(firms, "y", "rd", "log_employees"))
indexed <- pdata.frame(panel, index = c("firm_id", "wave"))
within <- plm(y ~ rd + log_employees, indexed, model = "within", effect = "twoways")
note("within-classical", within)
n <- nrow(panel); G <- length(unique(panel$firm_id)); K <- 2 + nlevels(droplevels(panel$wave))
arellano <- vcovHC(within, method = "arellano", type = "HC0", cluster = "group")
note("within-firms", within, arellano * G / (G - 1) * (n - 1) / (n - K))
note("within-firms-bare", within, arellano)

# The panel without effects to absorb: firms seen once count, too.
panel <- complete(firms, "y", "rd", "log_employees")
indexed <- pdata.frame(panel, index = c("firm_id", "wave"))
random <- plm(y ~ rd + log_employees + wave, indexed, model = "random")
note("random-classical", random)
note("random-firms", random, vcovHC(random, method = "arellano", type = "HC0", cluster = "group"))
note("random-rows", random, vcovHC(random, method = "white1", type = "HC0"))
note("between-classical", plm(y ~ rd + log_employees, indexed, model = "between"))
two_waves <- pdata.frame(droplevels(repeated(subset(panel, wave %in% c("2013", "2015")))), index = c("firm_id", "wave"))
changes <- plm(y ~ rd + log_employees, two_waves, model = "fd")
note("changes-classical", changes)
note("changes-firms", changes, vcovHC(changes, method = "arellano", type = "HC0", cluster = "group"))
panel <- transform(panel, mean_rd = ave(rd, firm_id), mean_size = ave(log_employees, firm_id))
means <- lm(y ~ rd + log_employees + mean_rd + mean_size, panel)
clustered <- vcovCL(means, cluster = panel$firm_id, type = "HC1")
note("means-firms", means, clustered)
tested <- c("mean_rd", "mean_size")
note_test("means-firms", "wald", coef(means)[tested] %*% solve(clustered[tested, tested], coef(means)[tested]) / 2)

# R&D moved by staff with higher education and by how uncertain demand is, among the firms that are asked for barriers.
asked <- complete(firms, "y", "rd", "log_employees", "tertiary_share", "barrier_demand")
moved <- ivreg(
  y ~ log_employees + industry_class + wave + rd |
    log_employees + industry_class + wave + tertiary_share + barrier_demand, data = asked
)
note("iv-classical", moved)
note("iv-rows", moved, vcovHC(moved, type = "HC1"))
note("iv-firms", moved, vcovCL(moved, cluster = asked$firm_id, type = "HC1"))
note("iv-two-ways", moved, vcovCL(moved, cluster = asked[c("firm_id", "industry")], type = "HC1", multi0 = FALSE))
found <- summary(moved, diagnostics = TRUE)$diagnostics[, "statistic"]
for (test in names(found)) note_test("iv-classical", test, found[test])

# Persistence of size, by the instruments of Arellano and Bond: firms in three or four waves in a row. plm's waves are
# numbered, since years that are two apart are no lags to it.
seen <- transform(complete(firms, "log_employees", "innovator"), t = match(wave, levels(firms$wave)))
span <- ave(seen$t, seen$firm_id, FUN = function(t) max(t) - min(t) + 1)
often <- ave(seen$t, seen$firm_id, FUN = length)
in_a_row <- pdata.frame(seen[often >= 3 & often == span, ], index = c("firm_id", "t"))
for (steps in c("one", "two")) {
  case <- paste0("persistence-", steps)
  size <- pgmm(
    log_employees ~ lag(log_employees, 1) + innovator | lag(log_employees, 2:99), in_a_row, effect = "twoways",
    model = if (steps == "one") "onestep" else "twosteps"
  )
  found <- summary(size, robust = TRUE)
  results[[length(results) + 1]] <- data.frame(
    case = case, term = rownames(found$coefficients), estimate = found$coefficients[, "Estimate"],
    se = found$coefficients[, "Std. Error"]
  )
  note_test(case, "m1", found$m1$statistic)
  if (steps == "two") note_test(case, "hansen", found$sargan$statistic)
}

# Quantiles of the last wave; the errors are the sandwich of quantreg's scores and Epanechnikov's kernel, which quantreg
# does not have. Without industries: these put more rows on the plane than there are coefficients, whose scores are then
# not unique, and in a small industry they are much of an error.
last <- complete(subset(firms, wave == "2015"), "y", "log_employees", "tertiary_share")
for (tau in c(0.25, 0.75)) {
  quantile <- rq(y ~ technical_innovation + nontechnical_innovation + log_employees + tertiary_share, tau, last)
  u <- residuals(quantile)
  stopifnot(sum(abs(u) < 1e-9) == length(coef(quantile)))
  h <- bandwidth.rq(tau, nrow(last), hs = TRUE)
  width <- (qnorm(tau + h) - qnorm(tau - h)) * min(sd(u), IQR(u) / 1.34)
  f <- ifelse(abs(u) < width, 0.75 * (1 - (u / width)^2), 0) / width
  A <- solve(crossprod(quantile$x, quantile$x * f))
  note(paste0("quantile-", tau), quantile, A %*% crossprod(quantile$x * (quantile$dual - (1 - tau))) %*% A)
}

# Weights, strata and firms as sampling units: industries of one wave; firms seen in several waves.
single <- subset(svydesign(
  id = ~firm_id, strata = ~industry_class, weights = ~employees_t, data = subset(firms, wave == "2015")
), employees_t > 0)
exactly <- list(epsilon = 1e-14, maxit = 100)
note("survey-ols", svyglm(y ~ innovator + tertiary_share + exporter, single))
of_innovators <- innovator ~ log_employees + tertiary_share + exporter + industry_class
note("survey-logit", svyglm(of_innovators, single, family = quasibinomial(), control = exactly))
of_trademarks <- ip_trademark ~ rnd_performer + log_employees + exporter
note("survey-poisson", svyglm(of_trademarks, single, family = quasipoisson(), control = exactly))
pooled <- subset(svydesign(id = ~firm_id, weights = ~employees_t, data = firms), employees_t > 0)
note("pooled-ols", svyglm(y ~ innovator + tertiary_share + exporter, pooled))
of_innovators <- innovator ~ log_employees + tertiary_share + industry_class + wave
note("pooled-logit", svyglm(of_innovators, pooled, family = quasibinomial(), control = exactly))

write.csv(do.call(rbind, results), file.path(folder, "results.csv"), row.names = FALSE)
write.csv(do.call(rbind, tests), file.path(folder, "tests.csv"), row.names = FALSE)
